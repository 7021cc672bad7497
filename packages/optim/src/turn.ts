/**
 * A turn of the event loop: timers, input and signals are heard before what comes next. It is a message's, as browsers have
 * no setImmediate, and slow down the timers of tabs that nobody sees.
 */
export const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
