// The dialog that creates an API token and shows it once.
import { clear, handle } from "./forms.js";
import { ask, ERRORS } from "./server.js";

const DAY_MS = 86_400_000;
const byId = (id) => document.getElementById(id);

/** Make the button in the bar open the dialog for `user`. */
export function prepare(user) {
  const dialog = byId("token");
  for (const choice of dialog.querySelectorAll(".admin")) choice.hidden = !user.isAdmin;
  byId("new-token").addEventListener("click", () => {
    forget();
    dialog.showModal();
  });
  for (const button of dialog.querySelectorAll(".close")) button.addEventListener("click", () => dialog.close());
  for (const button of dialog.querySelectorAll("[data-copies]")) button.addEventListener("click", () => copy(button));
  dialog.addEventListener("close", forget);
  handle(byId("token-form"), create);
}

async function create({ name, expiresAt }) {
  const scopes = [...byId("token-form").querySelectorAll("[name=scopes]:checked")].map((box) => box.value);
  if (scopes.length === 0) return [{ message: "Choose at least one thing.", path: ["scopes"] }];
  const until = expiresAt && new Date(Date.now() + Number(expiresAt) * DAY_MS).toISOString();
  const { createApiToken } = await ask(
    `mutation CreateToken($input: CreateApiTokenInput!) { createApiToken(input: $input) { token ${ERRORS} } }`,
    { input: { name, scopes, expiresAt: until || null } },
  );
  if (createApiToken.errors.length === 0) reveal(createApiToken.token);
  return createApiToken.errors;
}

function reveal(token) {
  byId("token-form").hidden = true;
  byId("token-made").hidden = false;
  byId("token-text").value = token;
  byId("token-try").value =
    `curl ${location.origin}/graphql \\\n  -H 'Authorization: Bearer ${token}' \\\n` +
    `  -H 'Content-Type: application/json' \\\n  -d '{"query": "{ viewer { username } }"}'`;
  byId("token-text").focus();
  byId("token-text").select();
}

/** Leave no token behind in the page. */
function forget() {
  const form = byId("token-form");
  clear(form);
  form.reset();
  form.hidden = false;
  byId("token-made").hidden = true;
  byId("token-text").value = byId("token-try").value = "";
}

async function copy(button) {
  const field = byId(button.dataset.copies);
  field.select();
  // Over plain HTTP from another machine browsers offer no clipboard object, only this older command.
  if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
  else document.execCommand("copy");
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 2000);
}
