// Calls that come often → a call now and then: the first at once, then one for all that came within the pause.

export interface Throttled {
  call(): void;
  dispose(): void;
}

export function throttle(work: () => void, pauseMs: number): Throttled {
  let timer: NodeJS.Timeout | undefined;
  let isWanted = false;
  const rest = (): void => {
    timer = setTimeout(() => {
      timer = undefined;
      if (!isWanted) return;
      isWanted = false;
      work();
      rest();
    }, pauseMs);
  };
  return {
    call: () => {
      if (timer !== undefined) {
        isWanted = true;
        return;
      }
      work();
      rest();
    },
    dispose: () => clearTimeout(timer),
  };
}
