// Amounts of memory in words for people. Files on disk are told in powers of ten, as disks are sold.

/** "9.1 GB", of 2^30 bytes. */
export function showMemory(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`;
}
