// A pause in typing, after which more is worked out than what is typed in.

/** How long typing must pause. */
const pauseMs = 150;

/** Runs the task once typing pauses, in the place of the one that was to run then. */
export function restart(running: NodeJS.Timeout | undefined, task: () => void): NodeJS.Timeout {
  clearTimeout(running);
  return setTimeout(task, pauseMs).unref();
}
