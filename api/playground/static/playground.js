// GraphiQL with our examples, opened once somebody is signed in.
import { examplesPlugin } from "./examples.js";
import { serverFetcher } from "./fetcher.js";
import { createElement, createRoot, explorerPlugin, GraphiQL, setNonce, useEditorContext, useEffect } from "./vendor.js";
import { isNarrow } from "./window.js";

/** Open GraphiQL in `place` for `user`. `onSignedOut` is called when the session has ended. */
export async function open(place, user, onSignedOut) {
  await Promise.all([addStyle("vendor.css"), addStyle("graphiql.css")]);
  // Dialogs of GraphiQL add a style element; the page's policy lets it in by this nonce.
  setNonce(document.getElementById("own-style").nonce);
  const examples = await (await fetch(new URL("examples.json", import.meta.url))).json();
  const storage = storageOf(user);
  if (storage.length === 0) welcome(storage, examples[0]);
  const options = {
    fetcher: serverFetcher(onSignedOut),
    storage,
    plugins: [examplesPlugin(examples), explorerPlugin({ showAttribution: false })],
    schemaDescription: true,
    defaultTabs: examples.map(({ query, variables }) => ({ query, variables, headers: null })),
    defaultEditorToolsVisibility: isNarrow() ? false : "variables",
    onTabChange: () => requestAnimationFrame(showActiveTab),
    shouldPersistHeaders: false,
    inputValueDeprecation: true,
    responseTooltip: Picture,
  };
  place.addEventListener("wheel", scrollTabs, { passive: true });
  createRoot(place).render(createElement(GraphiQL, options, createElement(GraphiQL.Logo, null, createElement(Wrapping))));
}

/** Whoever is here for the first time sees what there is to try. GraphiQL fills the variables of its first tab from its storage only. */
function welcome(storage, example) {
  storage.setItem("graphiql:variables", example.variables);
  if (!isNarrow()) storage.setItem("graphiql:visiblePlugin", "Examples");
}

/** The row of tabs may be longer than the window: the wheel moves it. */
function scrollTabs(event) {
  const row = event.target.closest(".graphiql-tabs");
  if (row && !event.shiftKey) row.scrollLeft += event.deltaY;
}

function showActiveTab() {
  document.querySelector(".graphiql-tab-active")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/**
 * Shows nothing. It makes long lines of the operation wrap (with a pane open there is room for thirty characters) and keeps
 * the active tab in view when the room for tabs changes.
 */
function Wrapping() {
  const { queryEditor } = useEditorContext({ nonNull: true });
  useEffect(() => queryEditor?.setOption("lineWrapping", true), [queryEditor]);
  useEffect(() => {
    const resized = new ResizeObserver(showActiveTab);
    resized.observe(document.querySelector(".graphiql-tabs"));
    return () => resized.disconnect();
  }, []);
  return null;
}

/** The picture that an address in the answer leads to. */
function Picture({ token }) {
  const path = token.string?.replaceAll('"', "") ?? "";
  return path.startsWith("/images/") ? createElement("img", { src: path, alt: "", className: "picture" }) : null;
}

/** The browser's storage with one compartment for each user: nobody sees another's tabs and history. */
function storageOf(user) {
  const prefix = `marquee:${user.id}:`;
  const own = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return {
    get length() {
      return own().length;
    },
    getItem: (key) => localStorage.getItem(prefix + key),
    setItem: (key, value) => localStorage.setItem(prefix + key, value),
    removeItem: (key) => localStorage.removeItem(prefix + key),
    clear: () => own().forEach((key) => localStorage.removeItem(key)),
  };
}

function addStyle(name) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(name, import.meta.url);
    link.onload = resolve;
    link.onerror = () => reject(new Error("The playground's files did not come. Load the page again."));
    document.head.append(link);
  });
}
