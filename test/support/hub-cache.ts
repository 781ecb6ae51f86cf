// Writes a repository into a Hugging Face cache as the hub's own programs do: contents in blobs, a snapshot of links to
// them for each revision, branches in refs.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Path inside the repository → content. */
export type RepositoryFiles = ReadonlyMap<string, string | Uint8Array>;

/** All files of a folder, as a repository would have them. */
export function filesOf(folder: string): Map<string, Uint8Array> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path)]),
  );
}

/** Writes one revision of `id` and returns its snapshot. `ref` is the branch that points at it, null for none. */
export function cacheRevision(
  hub: string,
  id: string,
  revision: {
    readonly commit: string;
    readonly ref: string | null;
    readonly files: RepositoryFiles;
  },
): string {
  const repository = join(hub, `models--${id.replace("/", "--")}`);
  const snapshot = join(repository, "snapshots", revision.commit);
  for (const name of ["blobs", "refs"]) mkdirSync(join(repository, name), { recursive: true });
  mkdirSync(snapshot, { recursive: true });
  if (revision.ref !== null) writeFileSync(join(repository, "refs", revision.ref), revision.commit);
  for (const [path, content] of revision.files) {
    const blob = join(repository, "blobs", createHash("sha256").update(content).digest("hex"));
    writeFileSync(blob, content);
    const link = join(snapshot, path);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(dirname(link), blob), link);
  }
  return snapshot;
}
