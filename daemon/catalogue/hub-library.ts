// The one place that touches the hub's own library. Imported only when the cache is listed, so that no other command
// pays for it.
import { scanCacheDir } from "@huggingface/hub";

/** A model of the cache with the snapshot to use. */
export interface HubRepository {
  /** owner/name. */
  readonly id: string;
  readonly snapshot: string;
}

/** The models that the library understands; throws whatever it throws. */
export async function scanWithLibrary(hub: string): Promise<readonly HubRepository[]> {
  const { repos } = await scanCacheDir(hub);
  return repos.flatMap(({ id, revisions }) => {
    const [latest] = revisions.toSorted(
      (one, other) => other.lastModifiedAt.getTime() - one.lastModifiedAt.getTime(),
    );
    const chosen = revisions.find(({ refs }) => refs.includes("main")) ?? latest;
    return id.type === "model" && chosen !== undefined
      ? [{ id: id.name, snapshot: chosen.path }]
      : [];
  });
}
