/** urql with Graphcache: pages that grow, a cache by id, typed failures, a subscription over server-sent events. */
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { createClient } from "graphql-sse";
import { authorization, explain, iterate, type Message, nextChange, oldCursor, url } from "./common";
import introspection from "./generated/introspection.json";
import { AdvertiseDocument, FilmsDocument, FollowDocument, ItemDocument } from "./generated/operations";

const headers = { authorization };
const streams = createClient({ url, headers });
const client = new Client({
  url,
  fetchOptions: { headers },
  preferGetMethod: false,
  exchanges: [
    cacheExchange({ schema: introspection as never, resolvers: { Query: { movies: relayPagination() } } }),
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: (sink) => ({ unsubscribe: streams.subscribe({ query: query!, variables: variables ?? {} }, sink as never) }),
      }),
    }),
  ],
});

// Pages: the cache puts them together.
let after: string | null = null;
let last;
do {
  last = (await client.query(FilmsDocument, { first: 5, after }).toPromise()).data?.movies;
  after = last?.pageInfo.endCursor ?? null;
} while (last?.pageInfo.hasNextPage);
const kept = () =>
  client.readQuery(FilmsDocument, { first: 5, after: null })?.data?.movies?.edges.map((edge) => edge.node) ?? [];
console.log(`${kept().length} of ${last?.totalCount} films: ${kept().map((film) => film.title).join(", ")}`);

// Editing: failures are data. The list above shows the change, for it is the same Movie by its id.
const film = kept().find(({ title }) => title === "Harbour of Glass")!;
async function advertise(tagline: string | null, expectedVersion?: number) {
  const { data, error } = await client.mutation(AdvertiseDocument, { id: film.id, tagline, expectedVersion }).toPromise();
  if (!data) throw error;
  return data.updateMediaItem;
}
const { version } = film;
await advertise("urql was here", version);
console.log(`in the list: ${kept().find(({ id }) => id === film.id)?.tagline}`);
const { errors } = await advertise("urql was late", version);
console.log(`refused: ${errors.map(explain).join("; ")}`);

// Following: live, then what happened meanwhile, then with a cursor that is no longer good.
const follower = {
  open: (after: string | null) =>
    iterate<Message>((sink) => {
      const subscription = client.subscription(FollowDocument, { id: film.id, after }).subscribe(({ data, error }) => {
        if (data) sink.next(data.mediaItemChanged);
        else sink.error(error);
      });
      return () => subscription.unsubscribe();
    }),
  whenOpen: () => advertise("Heard live"),
  readAnew: () => client.query(ItemDocument, { id: film.id }, { requestPolicy: "network-only" }).toPromise(),
};
const cursor = await nextChange(follower, null);
await advertise(null);
await nextChange(follower, cursor);
await nextChange(follower, oldCursor);

streams.dispose();
