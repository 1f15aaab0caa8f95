// The page: asks the server how it stands, then shows setting up, signing in, or the playground.
import { clear, handle, words } from "./forms.js";
import { ask, ERRORS } from "./server.js";

const SCREENS = ["offline", "set-up", "sign-in", "reset"];
const VIEWER = "query Viewer { viewer { id username displayName isAdmin } }";
const byId = (id) => document.getElementById(id);

/** Show one of the screens before signing in; `notice` stands above it. */
function welcome(screen, notice = "") {
  byId("inside").hidden = true;
  byId("welcome").hidden = false;
  for (const each of SCREENS) byId(each).hidden = each !== screen;
  byId("notice").textContent = notice;
  byId("notice").hidden = !notice;
  document.title = `${byId(screen).querySelector("h2").textContent} – Marquee`;
  const fields = [...byId(screen).querySelectorAll("input, button")];
  (fields.find((field) => !field.value) ?? fields[0])?.focus();
}

/** Who is signed in here; null when nobody is. */
async function viewer() {
  try {
    return (await ask(VIEWER)).viewer;
  } catch (error) {
    if (error.code === "UNAUTHENTICATED") return null;
    throw error;
  }
}

async function enter(user) {
  const { prepare } = await import("./token.js");
  byId("welcome").hidden = true;
  byId("inside").hidden = false;
  for (const form of byId("welcome").querySelectorAll("form")) form.reset(); // no password stays in the page
  document.title = "Marquee";
  byId("who").textContent = user.displayName || user.username;
  prepare(user);
  if (document.body.dataset.documents === "registered") {
    byId("graphiql").textContent = "This server takes registered documents only, so there is no playground. You can create a token.";
    return;
  }
  const { open } = await import("./playground.js");
  await open(byId("graphiql"), user, () => location.reload());
}

/** After a mutation that signs in: the cookie must have been kept. */
async function enterOrExplain() {
  const user = await viewer();
  if (user) return enter(user);
  return welcome(
    "sign-in",
    "The password is right, but this browser did not keep the session's cookie. " +
      "Allow cookies for this address; if MARQUEE_URL names an https address, open that one.",
  );
}

async function start() {
  try {
    const { serverInfo } = await ask("query Start { serverInfo { version isSetUp } }");
    for (const each of document.querySelectorAll(".version")) each.textContent = serverInfo.version;
    const code = givenCode();
    if (!serverInfo.isSetUp) {
      byId("set-up-code").value = code.setup;
      return welcome("set-up");
    }
    byId("reset-code").value = code.reset;
    const user = await viewer();
    if (user && !code.reset) return await enter(user);
    return welcome(code.reset || location.hash === "#reset" ? "reset" : "sign-in");
  } catch (error) {
    byId("offline-reason").textContent = error.message;
    return welcome("offline");
  }
}

/** Codes from a link such as /#setup=ABCD-EFGH-JKLM. What stands behind # is never sent, and is wiped from the address. */
function givenCode() {
  const given = new URLSearchParams(location.hash.slice(1));
  const codes = { setup: given.get("setup") ?? "", reset: given.get("reset") ?? "" };
  if (codes.setup || codes.reset) history.replaceState(null, "", location.pathname);
  return codes;
}

handle(byId("set-up"), async (input) => {
  const { setUp } = await ask(
    `mutation SetUp($input: SetUpInput!) { setUp(input: $input) { user { id username } ${ERRORS} } }`,
    { input },
  );
  const done = setUp.errors.find((error) => error.code === "CONFLICT" && error.path.length === 0);
  if (done) {
    welcome("sign-in", words(done));
    return [];
  }
  if (setUp.errors.length === 0) await enterOrExplain();
  return setUp.errors;
});

handle(byId("sign-in"), async (input) => {
  const { login } = await ask(
    `mutation SignIn($input: LoginInput!) { login(input: $input) { user { id username } ${ERRORS} } }`,
    { input },
  );
  if (login.errors.length === 0) await enterOrExplain();
  return login.errors;
});

handle(byId("reset"), async (input) => {
  const { resetPassword } = await ask(
    `mutation ResetPassword($input: ResetPasswordInput!) { resetPassword(input: $input) { ${ERRORS} } }`,
    { input },
  );
  if (resetPassword.errors.length === 0) {
    byId("reset").reset();
    history.replaceState(null, "", location.pathname);
    welcome("sign-in", "The new password is set. Sign in with it.");
  }
  return resetPassword.errors;
});

byId("sign-out").addEventListener("click", async () => {
  try {
    await ask(`mutation SignOut { logout(input: {}) { ${ERRORS} } }`);
  } catch (error) {
    if (error.code !== "UNAUTHENTICATED") {
      byId("who").textContent = `Not signed out: ${error.message}`;
      return;
    }
  }
  location.reload();
});

byId("again").addEventListener("click", () => location.reload());

addEventListener("hashchange", () => {
  const screen = location.hash.slice(1);
  if (!byId("welcome").hidden && ["sign-in", "reset"].includes(screen) && byId("set-up").hidden) {
    clear(byId(screen));
    welcome(screen);
  }
});

start();
