/** Relay's runtime with registered documents: a growing connection, a store by id, typed failures, a subscription. */
import { createClient } from "graphql-ws";
import {
  commitMutation, createOperationDescriptor, Environment, fetchQuery, type FetchFunction, getSingularSelector, Network,
  Observable, RecordSource, requestSubscription, Store, type SubscribeFunction,
} from "relay-runtime";
import WebSocket from "ws";
import { authorization, explain, type Failure, iterate, type Message, nextChange, oldCursor, url, webSocketUrl } from "./common";
import advertiseMutation, { type filmsAdvertiseMutation } from "./relay/__generated__/filmsAdvertiseMutation.graphql";
import filmsList, { type films_list$data } from "./relay/__generated__/films_list.graphql";
import followSubscription, { type filmsFollowSubscription } from "./relay/__generated__/filmsFollowSubscription.graphql";
import itemQuery, { type filmsItemQuery } from "./relay/__generated__/filmsItemQuery.graphql";
import moreQuery, { type filmsMoreQuery } from "./relay/__generated__/filmsMoreQuery.graphql";
import pageQuery, { type filmsPageQuery } from "./relay/__generated__/filmsPageQuery.graphql";

const socket = createClient({ url: webSocketUrl, webSocketImpl: WebSocket, connectionParams: { authorization } });
// The compiler left no text: `marquee documents register src/generated/relay-documents.json` told the server what the ids mean.
const fetchOperation: FetchFunction = async ({ id: documentId }, variables) => {
  const headers = { authorization, "content-type": "application/json", accept: "application/graphql-response+json" };
  return (await fetch(url, { method: "POST", headers, body: JSON.stringify({ documentId, variables }) })).json();
};
const followOperation: SubscribeFunction = ({ id: documentId }, variables) =>
  Observable.create((sink) => socket.subscribe({ query: "", documentId, variables } as never, sink as never));
const environment = new Environment({
  network: Network.create(fetchOperation, followOperation),
  store: new Store(new RecordSource()),
});

// Pages: what usePaginationFragment does, without React. The store puts the connection together.
const first = createOperationDescriptor(pageQuery, { count: 5 });
environment.retain(first);
await fetchQuery<filmsPageQuery>(environment, pageQuery, { count: 5 }).toPromise();
function list() {
  const { data } = environment.lookup(first.fragment);
  const { movies } = environment.lookup(getSingularSelector(filmsList, data)!).data as unknown as films_list$data;
  return { ...movies!, nodes: movies!.edges.map((edge) => edge.node) };
}
for (let { pageInfo } = list(); pageInfo.hasNextPage; { pageInfo } = list()) {
  await fetchQuery<filmsMoreQuery>(environment, moreQuery, { count: 5, cursor: pageInfo.endCursor }).toPromise();
}
console.log(`${list().nodes.length} of ${list().totalCount} films: ${list().nodes.map((film) => film.title).join(", ")}`);

// Editing: failures are data. The list above shows the change, for it is the same record by its id.
const film = list().nodes.find(({ title }) => title === "Nine Quiet Engines")!;
function advertise(tagline: string | null, expectedVersion?: number) {
  return new Promise<filmsAdvertiseMutation["response"]["updateMediaItem"]>((resolve, onError) =>
    commitMutation<filmsAdvertiseMutation>(environment, {
      mutation: advertiseMutation,
      variables: { input: { item: { id: film.id }, tagline, expectedVersion } },
      onCompleted: ({ updateMediaItem }) => resolve(updateMediaItem),
      onError,
    }),
  );
}
await advertise("Relay was here", film.version);
console.log(`in the list: ${list().nodes.find(({ id }) => id === film.id)?.tagline}`);
const { errors } = await advertise("Relay was late", film.version);
console.log(`refused: ${errors.map((error) => explain(error as Failure)).join("; ")}`);

// Following: live, then what happened meanwhile, then with a cursor that is no longer good.
const follower = {
  open: (after: string | null) =>
    iterate<Message>((sink) => {
      const subscription = requestSubscription<filmsFollowSubscription>(environment, {
        subscription: followSubscription,
        variables: { id: film.id, after },
        onNext: (data) => sink.next(data!.mediaItemChanged as Message),
        onError: sink.error,
        onCompleted: sink.complete,
      });
      return () => subscription.dispose();
    }),
  whenOpen: () => advertise("Heard live"),
  readAnew: () =>
    fetchQuery<filmsItemQuery>(environment, itemQuery, { id: film.id }, { fetchPolicy: "network-only" }).toPromise(),
};
const cursor = await nextChange(follower, null);
await advertise(null);
await nextChange(follower, cursor);
await nextChange(follower, oldCursor);

await socket.dispose();
