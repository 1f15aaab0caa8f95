/** What the examples share: where the server is, how failures read, and how to follow something without missing anything. */
import type { AdvertiseMutation, FollowSubscription } from "./generated/operations";

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`Set ${name}: make clients does.`);
  return value;
}

/** Such as http://127.0.0.1:8686/graphql, and the same for WebSockets. */
export const url = setting("MARQUEE_URL").replace(/\/$/, "") + "/graphql";
export const webSocketUrl = url.replace(/^http/, "ws");
/** `marquee token create anna --scope read --scope write`, or the mutation createApiToken. */
export const authorization = `Bearer ${setting("MARQUEE_TOKEN")}`;
/** A cursor that a client kept from before a backup was restored. */
export const oldCursor = setting("MARQUEE_OLD_CURSOR");

export type Failure = AdvertiseMutation["updateMediaItem"]["errors"][number];

/** What a person should read. Kinds of failures may be added: every one has `code` and `message`. */
export function explain(failure: Failure): string {
  switch (failure.__typename) {
    case "VersionConflictError":
      return `somebody was faster, the version is ${failure.current} now`;
    default:
      return `${failure.code} at ${failure.path.join(".")}: ${failure.message}`;
  }
}

export type Message = FollowSubscription["mediaItemChanged"];

export interface Follower {
  /** Opens the subscription behind a cursor, or now. */
  open(after: string | null): AsyncIterable<Message>;
  /** Called once it is open. */
  whenOpen?(): Promise<unknown>;
  /** Called when something was missed: read what is on the screen again. */
  readAnew(): Promise<unknown>;
}

/** Hears one change and hangs up; returns the cursor to come back with. */
export async function nextChange(follower: Follower, after: string | null): Promise<string> {
  for await (const message of follower.open(after)) {
    switch (message.__typename) {
      case "Subscribed":
        await follower.whenOpen?.();
        break;
      case "MediaItemChanged":
        if (message.type === "present") break; // how it stands, before any change
        console.log(`heard: ${message.type} ${message.node?.title}: ${message.node?.tagline ?? "-"}`);
        return message.cursor;
      case "Resync": // the stream ends here; what follows begins behind this cursor
        console.log(`missed something (${message.reason}), reading anew`);
        await follower.readAnew();
        return message.cursor;
    }
  }
  throw new Error("the stream ended: open it again behind the last cursor");
}

type Sink<T> = { next(value: T): void; error(error: unknown): void; complete(): void };

/** An observable as an async iterable; leaving the loop unsubscribes. */
export async function* iterate<T>(subscribe: (sink: Sink<T>) => () => void): AsyncGenerator<T, void> {
  const waiting: T[] = [];
  let wake = () => {};
  let isOver = false;
  let failure: unknown;
  const end = (error?: unknown) => {
    failure = error;
    isOver = true;
    wake();
  };
  const unsubscribe = subscribe({ next: (value) => (waiting.push(value), wake()), error: end, complete: () => end() });
  try {
    while (!isOver || waiting.length) {
      if (waiting.length) yield waiting.shift()!;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (failure) throw failure;
  } finally {
    unsubscribe();
  }
}
