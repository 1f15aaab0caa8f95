// One operation to the server and its answer, signed in by the session's cookie.

/** The server could not be reached, or refused the whole request. `code` is the error's, where it has one. */
export class Refusal extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

/** The `data` of an answer. Throws Refusal for a top-level error or when nothing came back. */
export async function ask(query, variables = {}) {
  let answer;
  try {
    const response = await fetch("/graphql", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json" },
      body: JSON.stringify({ query, variables }),
    });
    answer = await response.json();
  } catch {
    throw new Refusal("No answer came. Is the server running, and is this device on its network?");
  }
  const [first] = answer.errors ?? [];
  if (first) throw new Refusal(first.message, first.extensions?.code);
  return answer.data;
}

/** What every mutation of this page asks of its `errors`. */
export const ERRORS = "errors { ... on UserError { code message path ... on ThrottledError { retryAt } } }";
