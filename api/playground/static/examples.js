// A pane of GraphiQL that lists our example operations; a click shows the tab that holds one, or opens a new tab.
import { createElement as make, useEffect, useRef } from "./vendor.js";
import { useEditorContext, useOperationsEditorState, usePluginContext, useVariablesEditorState } from "./vendor.js";
import { isNarrow } from "./window.js";

/** The plugin for `examples`, which have a title, a query and variables. */
export function examplesPlugin(examples) {
  return { title: "Examples", icon: Icon, content: () => make(Examples, { examples }) };
}

function Examples({ examples }) {
  const { addTab, activeTabIndex, changeTab, tabs } = useEditorContext({ nonNull: true });
  const { setVisiblePlugin } = usePluginContext();
  const [, setQuery] = useOperationsEditorState();
  const [, setVariables] = useVariablesEditorState();
  const chosen = useRef(null);

  // A new tab comes empty and becomes active; then the example is written into it.
  useEffect(() => {
    if (!chosen.current) return;
    setQuery(chosen.current.query);
    setVariables(chosen.current.variables);
    chosen.current = null;
    if (isNarrow()) setVisiblePlugin(null); // the pane lies over the editor
  }, [activeTabIndex]);

  const open = (example) => {
    const index = tabs.findIndex((tab) => tab.query === example.query);
    if (index < 0) {
      chosen.current = example;
      return addTab();
    }
    changeTab(index);
    return isNarrow() && setVisiblePlugin(null);
  };
  const active = tabs[activeTabIndex]?.query;
  const row = (example) =>
    make(
      "li",
      { key: example.name },
      make(
        "button",
        { type: "button", "data-example": example.name, "aria-current": example.query === active, onClick: () => open(example) },
        example.title,
      ),
    );
  const groups = Map.groupBy(examples, (example) => example.group);
  return make(
    "section",
    { className: "examples", "aria-label": "Examples" },
    make("h2", null, "Examples"),
    make("p", null, "Choose one and press ▶. Ids in the variables are samples: put in those that stand in your answers."),
    [...groups].map(([name, members]) => make("div", { key: name }, make("h3", null, name), make("ul", null, members.map(row)))),
  );
}

function Icon() {
  const line = { stroke: "currentColor", strokeWidth: 1.5, strokeLinecap: "round", strokeLinejoin: "round", fill: "none" };
  return make(
    "svg",
    { height: "1em", viewBox: "0 0 24 24", fill: "none", "aria-hidden": true },
    make("path", { ...line, d: "M5 4h14v16H5z M9 9h6 M9 13h6 M9 17h3" }),
  );
}
