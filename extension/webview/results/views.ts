// The views of a recipe's results: what the switch offers, in its order. A new view is one line here and a file of its own.
import { attentionView } from "./attention-view.ts";
import { compareView } from "./compare-view.ts";
import { frequencyView } from "./frequency-view.ts";
import type { PageCalls, PageView } from "./page-part.ts";
import type { ViewName } from "./page-state.ts";
import { pictureView } from "./picture-view.ts";

interface ViewKind {
  readonly label: string;
  open(calls: PageCalls): PageView;
}

export const views: Readonly<Record<ViewName, ViewKind>> = {
  picture: { label: "Picture", open: pictureView },
  compare: { label: "Compare", open: compareView },
  frequency: { label: "Frequency", open: frequencyView },
  attention: { label: "Attention", open: attentionView },
};
