// Makes this file a module, so that it adds to React's types instead of replacing them.
export {};

declare module 'react' {
  /** Styles may set the variables that style sheets read. */
  interface CSSProperties {
    [variable: `--${string}`]: string | number;
  }
}
