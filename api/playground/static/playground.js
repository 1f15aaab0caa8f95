// GraphiQL with our examples, opened once somebody is signed in.
import { examplesPlugin } from "./examples.js";
import { serverFetcher } from "./fetcher.js";
import { createElement, createRoot, explorerPlugin, GraphiQL, setNonce } from "./vendor.js";
import { isNarrow } from "./window.js";

/** Open GraphiQL in `place` for `user`. `onSignedOut` is called when the session has ended. */
export async function open(place, user, onSignedOut) {
  await Promise.all([addStyle("vendor.css"), addStyle("graphiql.css")]);
  // Dialogs of GraphiQL add a style element; the page's policy lets it in by this nonce.
  setNonce(document.getElementById("own-style").nonce);
  const examples = await (await fetch(new URL("examples.json", import.meta.url))).json();
  const options = {
    fetcher: serverFetcher(onSignedOut),
    storage: storageOf(user),
    plugins: [examplesPlugin(examples), explorerPlugin({ showAttribution: false })],
    defaultTabs: examples.map(({ query, variables }) => ({ query, variables, headers: null })),
    defaultEditorToolsVisibility: isNarrow() ? false : "variables",
    onTabChange: () => requestAnimationFrame(showActiveTab),
    shouldPersistHeaders: false,
    inputValueDeprecation: true,
    responseTooltip: Picture,
  };
  createRoot(place).render(createElement(GraphiQL, options, createElement(GraphiQL.Logo, null, " ")));
}

/** The row of tabs may be longer than the window. */
function showActiveTab() {
  document.querySelector(".graphiql-tab-active")?.scrollIntoView({ block: "nearest", inline: "nearest" });
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
