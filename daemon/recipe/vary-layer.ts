// One layer to the layers its `sweep` asks for, and each of those to the ones its `compare` asks for.
// Names only by counting: the order is the order written, the last swept key fastest.
import type { Problem } from "../base/problem.ts";
import { tooMany } from "./problems.ts";
import type { Axis, Layer } from "./setting.ts";
import { stackLayers } from "./stack-layers.ts";

/** A layer under the name its recipe will have. */
export interface NamedLayer {
  readonly name: string;
  readonly layer: Layer;
}

/** A result of the sweep, with its changes to compare it with. */
export interface Variant extends NamedLayer {
  readonly compare: readonly NamedLayer[];
}

const MOST = 1000;

/** Without a sweep: the layer itself. */
export function varyLayer(
  layer: Layer,
  name: string,
): { readonly variants: readonly Variant[]; readonly problems: readonly Problem[] } {
  const { sweep, compare, extends: _, ...bare } = layer;
  const axes = sweep?.value ?? [];
  const changes = compare?.value ?? [];
  const count = axes.reduce((product, axis) => product * axis.settings.length, 1);
  const total = count * (1 + changes.length);
  const blamed = axes.length > 0 ? sweep : compare;
  if (total > MOST && blamed !== undefined) {
    return { variants: [], problems: [tooMany(blamed.keyRange, blamed.who, total, MOST)] };
  }
  const variants = combinations(axes).map((change, index) =>
    vary(stackLayers(bare, change), axes.length > 0 ? `${name}-${index + 1}` : name, changes),
  );
  return { variants, problems: [] };
}

function combinations(axes: readonly Axis[]): readonly Layer[] {
  return axes.reduce<readonly Layer[]>(
    (layers, axis) =>
      layers.flatMap((layer) =>
        axis.settings.map((setting): Layer => ({ ...layer, [axis.key]: setting })),
      ),
    [{}],
  );
}

function vary(layer: Layer, name: string, changes: readonly Layer[]): Variant {
  const compare = changes.map((change, index) => ({
    name: `${name}-compare-${index + 1}`,
    layer: stackLayers(layer, change),
  }));
  return { name, layer, compare };
}
