// A sentence for a notification. The editor makes links of what reads [words](address), addresses of commands included,
// and failures repeat what recipes and files say.

/** The same sentence, in which nothing is a link. */
export function plainMessage(sentence: string): string {
  return sentence.replaceAll("](", "] (");
}
