/** graphql-ws alone: queries, mutations and subscriptions over one WebSocket, which comes back by itself. */
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { authorization, explain, nextChange, oldCursor, webSocketUrl } from "./common";
import { AdvertiseDocument, FilmsDocument, type FilmsQuery, FollowDocument, ItemDocument } from "./generated/operations";

const client = createClient({
  url: webSocketUrl,
  webSocketImpl: WebSocket,
  connectionParams: { authorization },
  // 4401 and 4403: another token is needed. 1012: the server starts again and will be back in a moment.
  shouldRetry: (event) => ![4401, 4403].includes((event as CloseEvent).code),
});

async function* operate<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>, variables: Variables,
): AsyncGenerator<Data, void> {
  for await (const result of client.iterate<Data>({ query: print(document), variables })) {
    if (!result.data) throw new Error(result.errors?.map((error) => error.message).join("; "));
    yield result.data as Data;
  }
}
async function once<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>, variables: Variables,
): Promise<Data> {
  for await (const data of operate(document, variables)) return data;
  throw new Error("no answer");
}

// Pages.
const films = [];
let after: string | null = null;
do {
  const page: FilmsQuery["movies"] = (await once(FilmsDocument, { first: 5, after })).movies;
  films.push(...(page?.edges ?? []).map((edge) => edge.node));
  after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
} while (after);
console.log(`${films.length} films: ${films.map((film) => film.title).join(", ")}`);

// Editing: failures are data.
const film = films.find(({ title }) => title === "Kestrel Road")!;
const advertise = async (tagline: string | null, expectedVersion?: number) =>
  (await once(AdvertiseDocument, { id: film.id, tagline, expectedVersion })).updateMediaItem;
const { mediaItem } = await advertise("graphql-ws was here", film.version);
console.log(`edited: ${mediaItem?.tagline}`);
const { errors } = await advertise("graphql-ws was late", film.version);
console.log(`refused: ${errors.map(explain).join("; ")}`);

// Following: live, then what happened meanwhile, then with a cursor that is no longer good.
const follower = {
  async *open(after: string | null) {
    for await (const data of operate(FollowDocument, { id: film.id, after })) yield data.mediaItemChanged;
  },
  whenOpen: () => advertise("Heard live"),
  readAnew: () => once(ItemDocument, { id: film.id }),
};
const cursor = await nextChange(follower, null);
await advertise(null);
await nextChange(follower, cursor);
await nextChange(follower, oldCursor);

await client.dispose();
