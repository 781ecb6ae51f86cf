// What the original layout (ldm, sgm) calls a layer of a UNet whose keys are diffusers': the inverse of unet-keys.ts.
import { allRows, type OriginalName } from "./mmdit-original-names.ts";
import { type KeyRule, renameKey } from "./rename-keys.ts";
import { blockRules, stemRules } from "./unet-keys.ts";

/** `paths` are those of all its layers. */
export function unetOriginalNames(
  paths: ReadonlySet<string>,
): (path: string) => OriginalName | undefined {
  const inOriginal = [
    ...stemRules,
    ...downRules(paths),
    ...blockRules("middle_block.0", "mid_block.resnets.0"),
    ["middle_block.1", "mid_block.attentions.0"] as const,
    ...blockRules("middle_block.2", "mid_block.resnets.1"),
    ...upRules(paths),
  ];
  const rules = new Map(inOriginal.map(([from, to]) => [to, from]));
  return (path) => {
    const name = renameKey(path, rules);
    return name === undefined ? undefined : { name, rows: allRows };
  };
}

function downRules(paths: ReadonlySet<string>): readonly KeyRule[] {
  const rules: KeyRule[] = [];
  let block = 1; // Before it is the first convolution.
  for (const level of levels(paths, "down_blocks")) {
    for (const layer of level.resnets) {
      rules.push(...blockRules(`input_blocks.${block}.0`, `${level.path}.resnets.${layer}`));
      rules.push([`input_blocks.${block}.1`, `${level.path}.attentions.${layer}`]);
      block += 1;
    }
    // The last level has none, and no block after it either.
    rules.push([`input_blocks.${block}.0.op`, `${level.path}.downsamplers.0.conv`]);
    block += 1;
  }
  return rules;
}

function upRules(paths: ReadonlySet<string>): readonly KeyRule[] {
  const rules: KeyRule[] = [];
  let block = 0;
  for (const level of levels(paths, "up_blocks")) {
    for (const layer of level.resnets) {
      rules.push(...blockRules(`output_blocks.${block}.0`, `${level.path}.resnets.${layer}`));
      rules.push([`output_blocks.${block}.1`, `${level.path}.attentions.${layer}`]);
      block += 1;
    }
    // It comes last in the level's last block, after the attention where there is one.
    const attends = [...paths].some((path) => path.startsWith(`${level.path}.attentions.`));
    rules.push([
      `output_blocks.${block - 1}.${attends ? 2 : 1}.conv`,
      `${level.path}.upsamplers.0.conv`,
    ]);
  }
  return rules;
}

/** The levels of one way, each with the numbers of its resnets. */
function levels(
  paths: ReadonlySet<string>,
  way: string,
): readonly { readonly path: string; readonly resnets: readonly number[] }[] {
  const count = (prefix: string): number => {
    let number = 0;
    while ([...paths].some((path) => path.startsWith(`${prefix}.${number}.`))) number += 1;
    return number;
  };
  return Array.from({ length: count(way) }, (_, level) => {
    const path = `${way}.${level}`;
    return { path, resnets: Array.from({ length: count(`${path}.resnets`) }, (_, each) => each) };
  });
}
