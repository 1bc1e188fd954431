declare module 'node-webpmux' {
  type Frame = { readonly delay: number };
  const WebP: {
    readonly Image: {
      /** @param delay ms */
      generateFrame(of: { readonly buffer: Buffer; readonly delay: number }): Promise<Frame>;
      /** @param loops 0: for ever */
      save(
        path: string,
        options: {
          readonly width: number;
          readonly height: number;
          readonly frames: readonly Frame[];
          readonly loops: number;
        },
      ): Promise<void>;
    };
  };
  export default WebP;
}
