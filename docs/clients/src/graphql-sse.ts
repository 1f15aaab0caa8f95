/** graphql-sse alone: a subscription as server-sent events, which pass every proxy; the rest is a plain fetch. */
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import { createClient } from "graphql-sse";
import { authorization, explain, nextChange, oldCursor, url } from "./common";
import { AdvertiseDocument, FilmsDocument, type FilmsQuery, FollowDocument, ItemDocument } from "./generated/operations";

const client = createClient({ url, headers: { authorization }, retryAttempts: 5 });

async function ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization, "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] };
  if (!data) throw new Error(`${response.status}: ${errors?.map((error) => error.message).join("; ")}`);
  return data;
}

// Pages.
const films = [];
let after: string | null = null;
do {
  const page: FilmsQuery["movies"] = (await ask(FilmsDocument, { first: 5, after })).movies;
  films.push(...(page?.edges ?? []).map((edge) => edge.node));
  after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
} while (after);
console.log(`${films.length} films: ${films.map((film) => film.title).join(", ")}`);

// Editing: failures are data.
const film = films.find(({ title }) => title === "The Lanternkeeper")!;
const advertise = async (tagline: string | null, expectedVersion?: number) =>
  (await ask(AdvertiseDocument, { id: film.id, tagline, expectedVersion })).updateMediaItem;
const { mediaItem } = await advertise("graphql-sse was here", film.version);
console.log(`edited: ${mediaItem?.tagline}`);
const { errors } = await advertise("graphql-sse was late", film.version);
console.log(`refused: ${errors.map(explain).join("; ")}`);

// Following: live, then what happened meanwhile, then with a cursor that is no longer good.
const follower = {
  async *open(after: string | null) {
    const variables = { id: film.id, after };
    for await (const { data, errors } of client.iterate({ query: print(FollowDocument), variables })) {
      if (!data) throw new Error(errors?.map((error) => error.message).join("; "));
      yield (data as never as { mediaItemChanged: import("./common").Message }).mediaItemChanged;
    }
  },
  whenOpen: () => advertise("Heard live"),
  readAnew: () => ask(ItemDocument, { id: film.id }),
};
const cursor = await nextChange(follower, null);
await advertise(null);
await nextChange(follower, cursor);
await nextChange(follower, oldCursor);

client.dispose();
