// Attention to all keys for some of the queries at a time, where the scores of all together would be too many for the
// memory. Each query's row is computed by itself, so the result is the same.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import {
  add,
  branch,
  concat,
  div,
  isNotZero,
  mul,
  reshape,
  scan,
  shape,
  slice,
  sub,
} from "../graph/operators.ts";

/** What decides how many scores there are: queries [n, s, c], keys [n, t, c], heads. */
export interface Scored {
  readonly query: Value;
  readonly key: Value;
  readonly heads: number;
}

type Attend = (inner: GraphBuilder, query: Value) => Value;

/** `attend` [n, s, c] → [n, s, any], for slices of the queries where the target wants them. */
export function inQuerySlices(g: GraphBuilder, scored: Scored, attend: Attend): Value {
  const most = g.target.scoresAtOnce;
  if (most === undefined) return attend(g, scored.query);
  const least = divUp(g, countScores(g, scored), g.integers([most]));
  return branch(g, isNotZero(g, reshape(g, sub(g, least, g.integers([1])), [])), {
    whenTrue: (inner) => sliced(inner, scored.query, least, attend),
    whenFalse: (inner) => attend(inner, scored.query),
  });
}

function countScores(g: GraphBuilder, { query, key, heads }: Scored): Value {
  const rows = mul(g, shape(g, query, { end: 1 }), shape(g, query, { start: 1, end: 2 }));
  const columns = mul(g, shape(g, key, { start: 1, end: 2 }), g.integers([heads]));
  return mul(g, rows, columns);
}

/** At least `least` [1] slices, all of the same length. */
function sliced(g: GraphBuilder, query: Value, least: Value, attend: Attend): Value {
  const [n, length] = [shape(g, query, { end: 1 }), shape(g, query, { start: 1, end: 2 })];
  const zero = g.integers([0]);
  const rows = divUp(g, length, least);
  const count = divUp(g, length, rows);
  // The last slice is filled up with rows of the first one, whose results are cut off again.
  const missing = sub(g, mul(g, count, rows), length);
  const more = slice(g, query, {
    starts: concat(g, [zero, zero], 0),
    ends: concat(g, [n, missing], 0),
  });
  const whole = concat(g, [query, more], 1);
  const each = concat(g, [n, count, rows, g.integers([-1])], 0);
  const attended = scan(g, reshape(g, whole, each), attend); // [n, count, rows, any]
  const joined = reshape(g, attended, concat(g, [n, mul(g, count, rows), g.integers([-1])], 0));
  return slice(g, joined, { starts: concat(g, [zero, zero], 0), ends: concat(g, [n, length], 0) });
}

/** Of integers. */
function divUp(g: GraphBuilder, a: Value, b: Value): Value {
  return div(g, sub(g, add(g, a, b), g.integers([1])), b);
}
