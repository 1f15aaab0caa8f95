// Forms: one act at a time, and each error in words beside the field that it is about.

const EMPTY = "Please fill this in.";

/**
 * Make a form do `act(values)` when it is sent. `act` returns the mutation's `errors`; when there are none, it has
 * already done what follows. Fields are found by their names, which are those of the mutation's input.
 */
export function handle(form, act) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    clear(form);
    if (!complete(form)) return;
    busy(form, true);
    try {
      show(form, await act(Object.fromEntries(new FormData(form))));
    } catch (error) {
      show(form, [{ message: error.message, path: [] }]);
    } finally {
      busy(form, false);
    }
  });
}

/** Show errors; those that name no field of the form stand above its button. */
export function show(form, errors) {
  for (const error of errors) {
    const name = error.path.at(-1);
    const field = form.querySelector(`[data-field="${CSS.escape(name ?? "")}"]`) ?? form.elements.namedItem(name ?? "");
    mark(form, field, words(error));
  }
  form.querySelector("[aria-invalid=true]")?.focus();
}

/** Empty the form's errors. */
export function clear(form) {
  for (const text of form.querySelectorAll(".error")) text.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}

/** An error for people; a throttled one with the time at which to try again. */
export function words(error, now = new Date()) {
  if (!error.retryAt) return error.message;
  const at = new Date(error.retryAt);
  const minutes = Math.max(1, Math.ceil((at - now) / 60_000));
  const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return `Too many attempts. Try again at ${clock}, in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
}

function complete(form) {
  const missing = [...form.querySelectorAll("[required]")].filter((field) => !field.value.trim());
  for (const field of missing) mark(form, field, EMPTY);
  missing[0]?.focus();
  return missing.length === 0;
}

function mark(form, field, message) {
  const text = document.createElement("p");
  text.className = "error";
  text.role = "alert";
  text.textContent = message;
  if (field instanceof Element) {
    text.id = `${field.id}-error`;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", text.id);
    field.after(text);
  } else {
    (form.querySelector(".actions") ?? form.querySelector("button.primary")).before(text);
  }
}

function busy(form, is) {
  form.ariaBusy = String(is);
  for (const button of form.querySelectorAll("button")) button.disabled = is;
}
