// Carries GraphiQL's operations: queries and mutations by POST, subscriptions by WebSocket (graphql-transport-ws).
import { createClient, getOperationAST, parse } from "./vendor.js";

const FORBIDDEN = 4403; // graphql-transport-ws: the credentials in `connection_init` are not good

/** GraphiQL's `fetcher`. `onSignedOut` is called when an operation without headers of its own finds no session. */
export function serverFetcher(onSignedOut) {
  return ({ query, variables, operationName }, { headers = {} } = {}) => {
    const operation = chosen(query, operationName);
    const request = { query, variables, operationName: operation?.name?.value };
    return operation?.operation === "subscription" ? follow(request, headers) : send(request, headers, onSignedOut);
  };
}

/** The operation to run. Asked of the text itself: the name that GraphiQL gives lags half a second behind typing. */
function chosen(query, name) {
  try {
    const document = parse(query);
    return getOperationAST(document, name) ?? getOperationAST(document);
  } catch {
    return null; // not GraphQL: the server says what is wrong
  }
}

async function send(request, headers, onSignedOut) {
  let answer;
  try {
    const response = await fetch("/graphql", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
      body: JSON.stringify(request),
    });
    answer = await response.json();
  } catch {
    return failure("No answer came. Is the server running, and is this device on its network?");
  }
  const hasToken = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  const isSignedOut = answer.errors?.some((error) => error.extensions?.code === "UNAUTHENTICATED");
  if (isSignedOut && !hasToken) onSignedOut();
  return answer;
}

/** The stream of a subscription. A token in the headers goes along in `connection_init`, else the cookie tells who it is. */
async function* follow(request, headers) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const client = createClient({ url: `${scheme}//${location.host}/graphql`, connectionParams: headers, retryAttempts: 3 });
  try {
    yield* client.iterate(request);
  } catch (error) {
    yield failure(explained(error));
  } finally {
    client.dispose();
  }
}

/** An answer that says what is wrong. GraphiQL would show a thrown error with its stack. */
function failure(message) {
  return { errors: [{ message }] };
}

function explained(error) {
  if (Array.isArray(error)) return error.map(({ message }) => message).join(" "); // what the server has against the operation
  if (!(error instanceof CloseEvent)) return error.message ?? "The connection to the server was lost. Run it again.";
  if (error.code === FORBIDDEN) return "The server refused: the token is wrong, revoked or expired, or your session has ended.";
  return error.reason || `The connection to the server was lost (WebSocket code ${error.code}). Run it again.`;
}
