// One connection to the daemon, kept up, and what it says folded: all parts of the extension see the runs through it.
// Knows no editor. Looks for a daemon only once somebody has asked, and starts one only for a request.
import {
  type Daemon,
  type DaemonStarter,
  endDaemon,
  findDaemon,
  findOrStartDaemon,
  makeRoom,
} from "../../daemon/client/connect-daemon.ts";
import type { DaemonPlaces } from "../../daemon/protocol/daemon-places.ts";
import type { MethodName, Params, Result } from "../../daemon/protocol/methods.ts";
import type { RunPreview } from "../../daemon/protocol/preview.ts";
import type { EventPlace, QueueEvent, Snapshot } from "../../daemon/protocol/queue-event.ts";
import type { RunEvent } from "../../daemon/protocol/run-event.ts";
import { foldRuns, type KnownRuns } from "./fold-runs.ts";

/**
 * off: no daemon has been found yet. lost: the one that was up has ended; runs are as they were last known, and the
 * feed comes back by itself when a daemon is up again.
 */
type FeedLink = "off" | "up" | "lost";

export interface FeedSnapshot extends KnownRuns {
  readonly link: FeedLink;
}

export type FeedChange =
  | { readonly kind: "link" }
  /** Which runs there are, or their order, or whether the queue is paused. */
  | { readonly kind: "runs" }
  /** The state or the pictures of one run. */
  | { readonly kind: "run"; readonly id: number }
  /** `atMs` counts from the engine's start. */
  | {
      readonly kind: "progress";
      readonly id: number;
      readonly event: RunEvent;
      readonly atMs: number;
    }
  | { readonly kind: "preview"; readonly preview: RunPreview };

export interface RunFeed {
  /** The same object until something has changed. */
  snapshot(): FeedSnapshot;
  /** The last one of a run that has not ended. */
  preview(id: number): RunPreview | undefined;
  /** Called after each change, when `snapshot` tells it already. */
  onChange(listener: (change: FeedChange) => void): { dispose(): void };
  /** Connects, and starts the daemon where none is up. Rejects with Failures. */
  ask<Name extends MethodName>(method: Name, params: Params<Name>): Promise<Result<Name>>;
  /** Whether a daemon is up; from now on the feed looks for one, and never starts one by itself. */
  attach(): Promise<boolean>;
  /** The daemon that is up is told what the settings say now. Each one is told when it is met. */
  applySettings(): Promise<void>;
  /** Ends the daemon, of whatever version, and starts this program's: its runs go on. Rejects with Failures. */
  restart(): Promise<void>;
  /** The daemon goes on. */
  dispose(): void;
}

export interface FeedOptions extends DaemonStarter {
  readonly places: DaemonPlaces;
  /** How long a daemon stays without work and clients. */
  idleMs(): number;
  /** Whether previews are wanted. */
  wantsPreviews(): boolean;
}

/** Does nothing until `attach` or `ask` is called. */
export function openRunFeed(options: FeedOptions): RunFeed {
  return new LiveFeed(options);
}

/** How the daemon's log calls this client. */
const client = "editor";

const leastPauseMs = 100;
const mostPauseMs = 5000;

class LiveFeed implements RunFeed {
  readonly #options: FeedOptions;
  readonly #fold = foldRuns();
  readonly #previews = new Map<number, RunPreview>();
  readonly #listeners = new Set<(change: FeedChange) => void>();
  #link: FeedLink = "off";
  #daemon: Daemon | undefined;
  /** Connections are opened one after the other. */
  #connecting: Promise<unknown> = Promise.resolve();
  #place: EventPlace | null = null;
  #hasPreviews = false;
  #shown: FeedSnapshot | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  snapshot(): FeedSnapshot {
    this.#shown ??= { link: this.#link, ...this.#fold.known() };
    return this.#shown;
  }

  preview(id: number): RunPreview | undefined {
    return this.#previews.get(id);
  }

  onChange(listener: (change: FeedChange) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  async ask<Name extends MethodName>(method: Name, params: Params<Name>): Promise<Result<Name>> {
    const { places, version } = this.#options;
    const daemon = await this.#connect(
      () => findOrStartDaemon(places, client, this.#options),
      (daemon) => makeRoom(daemon, places, version),
    );
    return daemon.ask(method, params);
  }

  async applySettings(): Promise<void> {
    // One that is being met may have been told what the settings said before.
    await this.#connecting;
    const daemon = this.#daemon;
    if (daemon === undefined) return;
    if (this.#hasPreviews !== this.#options.wantsPreviews()) await this.#subscribe(daemon);
    await daemon.ask("keep", { idleMs: this.#options.idleMs() });
  }

  async restart(): Promise<void> {
    await this.#connect(
      async () => {
        await endDaemon(this.#options.places, null);
        // Its end is told before the new one's beginning.
        await this.#daemon?.closed;
        return findOrStartDaemon(this.#options.places, client, this.#options);
      },
      async () => true,
    );
  }

  async attach(): Promise<boolean> {
    return (await this.#look()) !== undefined;
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#retry);
    this.#listeners.clear();
    this.#daemon?.dispose();
  }

  /** Looks for a daemon now, and again in a while where there is none, or one of another protocol, which may make room. */
  async #look(pauseMs = leastPauseMs): Promise<Daemon | undefined> {
    clearTimeout(this.#retry);
    const daemon = await this.#connect(() => findDaemon(this.#options.places, client)).catch(
      () => undefined,
    );
    if (daemon === undefined && !this.#isDisposed) {
      const again = (): void => void this.#look(Math.min(2 * pauseMs, mostPauseMs));
      clearTimeout(this.#retry);
      this.#retry = setTimeout(again, pauseMs).unref();
    }
    return daemon;
  }

  /** The connection that is up, unless `leaves` says that it is not wanted any more, or the one that `open` gives. */
  #connect<Found extends Daemon | undefined>(
    open: () => Promise<Found>,
    leaves: (daemon: Daemon) => Promise<boolean> = async () => false,
  ): Promise<Daemon | Found> {
    const connected = this.#connecting.then(async () => {
      if (this.#daemon !== undefined && !(await leaves(this.#daemon))) return this.#daemon;
      const daemon = await open();
      if (daemon !== undefined) await this.#take(daemon);
      return daemon;
    });
    this.#connecting = connected.catch(() => undefined);
    return connected;
  }

  /** Resolves when the runs are known. */
  async #take(daemon: Daemon): Promise<void> {
    if (this.#isDisposed) return daemon.dispose();
    const isKnown = this.#place !== null;
    let know: () => void = () => {};
    const known = new Promise<void>((resolve) => {
      know = resolve;
    });
    try {
      await this.#subscribe(daemon, know);
      await daemon.ask("keep", { idleMs: this.#options.idleMs() });
      if (!isKnown) await Promise.race([known, daemon.closed]);
    } catch (error) {
      daemon.dispose();
      throw error;
    }
    if (this.#isDisposed) return daemon.dispose();
    this.#daemon = daemon;
    clearTimeout(this.#retry);
    this.#changeLink("up");
    void daemon.closed.then(() => this.#lose());
  }

  /** Once more where previews are wanted, or are not any more. `onKnown` is called with each snapshot. */
  async #subscribe(daemon: Daemon, onKnown: () => void = () => {}): Promise<void> {
    this.#hasPreviews = this.#options.wantsPreviews();
    if (!this.#hasPreviews) this.#previews.clear();
    await daemon.subscribe(this.#place, {
      onSnapshot: (snapshot) => {
        this.#start(snapshot);
        onKnown();
      },
      onEvent: (event, number) => this.#hear(event, number),
      ...(this.#hasPreviews ? { onPreview: (preview: RunPreview) => this.#show(preview) } : {}),
    });
  }

  #lose(): void {
    this.#daemon = undefined;
    if (this.#isDisposed) return;
    this.#previews.clear();
    this.#changeLink("lost");
    void this.#look();
  }

  #changeLink(link: FeedLink): void {
    this.#link = link;
    this.#tell({ kind: "link" });
  }

  #start(snapshot: Snapshot): void {
    this.#place = snapshot.place;
    this.#fold.start(snapshot);
    this.#tell({ kind: "runs" });
  }

  #hear(event: QueueEvent, number: number): void {
    if (this.#place !== null) {
      // On its way while the feed subscribed once more: it has come before.
      if (number <= this.#place.number) return;
      this.#place = { ...this.#place, number };
    }
    this.#fold.apply(event);
    if (event.kind === "removed") this.#previews.delete(event.id);
    if (event.kind === "progress") this.#tell(event);
    else if (event.kind === "changed") {
      if (event.run.state.kind !== "running") this.#previews.delete(event.run.id);
      this.#tell({ kind: "run", id: event.run.id });
    } else this.#tell({ kind: "runs" });
  }

  #show(preview: RunPreview): void {
    this.#previews.set(preview.id, preview);
    this.#tell({ kind: "preview", preview });
  }

  #tell(change: FeedChange): void {
    this.#shown = undefined;
    for (const listener of this.#listeners) listener(change);
  }
}
