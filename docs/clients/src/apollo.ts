/** Apollo Client: pages that grow, a cache by id, documents by hash, typed failures, a subscription over WebSocket. */
import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { getMainDefinition, relayStylePagination } from "@apollo/client/utilities";
import { OperationTypeNode } from "graphql";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { authorization, explain, iterate, type Message, nextChange, oldCursor, url, webSocketUrl } from "./common";
import { AdvertiseDocument, FilmsDocument, FollowDocument, ItemDocument } from "./generated/operations";
import generated from "./generated/possibleTypes";

// Automatic persisted queries: the hash of a text stands for it, by GET where nothing is changed. Only a text that the server
// does not know is sent. In a page: `crypto.subtle` where there is HTTPS, else a package such as @noble/hashes.
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const texts: string[] = [];
const countingFetch: typeof fetch = (input, init) => {
  const { query, operationName } = init?.body ? JSON.parse(String(init.body)) : {};
  if (query) texts.push(operationName);
  return fetch(input, init);
};
const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
const socket = createClient({ url: webSocketUrl, webSocketImpl: WebSocket, connectionParams: { authorization } });
const client = new ApolloClient({
  link: ApolloLink.split(
    ({ query }) => {
      const definition = getMainDefinition(query);
      return definition.kind === "OperationDefinition" && definition.operation === OperationTypeNode.SUBSCRIPTION;
    },
    new GraphQLWsLink(socket),
    persisted.concat(new HttpLink({ uri: url, headers: { authorization }, fetch: countingFetch })),
  ),
  cache: new InMemoryCache({
    possibleTypes: generated.possibleTypes, // so that a fragment on MediaItem finds a Movie
    typePolicies: { Query: { fields: { movies: relayStylePagination(["search", "where", "orderBy"]) } } },
  }),
});

// Pages: the cache puts them together.
const films = client.watchQuery({ query: FilmsDocument, variables: { first: 5 } });
films.subscribe(() => {});
let page = (await films.refetch()).data?.movies;
while (page?.pageInfo.hasNextPage) {
  page = (await films.fetchMore({ variables: { after: page.pageInfo.endCursor } })).data?.movies;
}
const kept = () => client.readQuery({ query: FilmsDocument, variables: { first: 5 } })?.movies?.edges.map((edge) => edge.node) ?? [];
console.log(`${kept().length} of ${page?.totalCount} films: ${kept().map((film) => film.title).join(", ")}`);

// Editing: failures are data. The list above shows the change, for it is the same Movie by its id.
const film = kept().find(({ title }) => title === "The Fog Garden")!;
async function advertise(tagline: string | null, expectedVersion?: number) {
  const { data } = await client.mutate({ mutation: AdvertiseDocument, variables: { id: film.id, tagline, expectedVersion } });
  return data!.updateMediaItem;
}
await advertise("Apollo was here", film.version);
console.log(`in the list: ${kept().find(({ id }) => id === film.id)?.tagline}`);
const { errors } = await advertise("Apollo was late", film.version);
console.log(`refused: ${errors.map(explain).join("; ")}`);

// Following: live, then what happened meanwhile, then with a cursor that is no longer good.
const follower = {
  open: (after: string | null) =>
    iterate<Message>((sink) => {
      const subscription = client.subscribe({ query: FollowDocument, variables: { id: film.id, after } }).subscribe({
        next: ({ data, error }) => (data ? sink.next(data.mediaItemChanged) : sink.error(error)),
        complete: () => sink.complete(),
      });
      return () => subscription.unsubscribe();
    }),
  whenOpen: () => advertise("Heard live"),
  readAnew: () => client.query({ query: ItemDocument, variables: { id: film.id }, fetchPolicy: "network-only" }),
};
const cursor = await nextChange(follower, null);
await advertise(null);
await nextChange(follower, cursor);
await nextChange(follower, oldCursor);
console.log(`texts sent: ${texts.sort().join(", ")}`);

client.stop();
await socket.dispose();
