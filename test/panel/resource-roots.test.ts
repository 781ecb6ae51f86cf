// Which folders make the page load anew.
import { expect, it } from "vitest";
import { resourceRoots } from "../../extension/panel/resource-roots.ts";

function check(
  known: readonly string[],
  wanted: readonly string[],
  roots: readonly string[],
): void {
  const folders = (paths: readonly string[]) => paths.map((fsPath) => ({ fsPath }));
  expect(resourceRoots(folders(known), folders(wanted))).toEqual(folders(roots));
}

it("a folder inside one that is known needs no root of its own", () => {
  check(["/r/results"], ["/r/results/dawn", "/r/results", "/r/results/a/b"], ["/r/results"]);
  check(["/r/results"], ["/r/results/..dawn"], ["/r/results"]);
});

it("other folders become roots, each once", () =>
  check(
    ["/r/results"],
    ["/r/results-old", "/else", "/else/a", "/r", "/else"],
    ["/r/results", "/r/results-old", "/else", "/r"],
  ));
