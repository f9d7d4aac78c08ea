import type { FilterValue } from "#local/exchange/filter/filter-expression";
import type { FilterFaults } from "#local/exchange/filter/filter-faults";

/** A piece of a filter. Operators and words are in lower case where their case does not matter. */
export type FilterToken =
  | { kind: "word" | "operator" | "symbol"; text: string; position: number }
  | { kind: "value"; value: FilterValue; position: number }
  | { kind: "end"; position: number };

/** Tokens taken one by one; the end comes again and again. */
export class FilterTokens {
  readonly #tokens: readonly FilterToken[];
  readonly #faults: FilterFaults;
  readonly #end: FilterToken;
  #next = 0;

  constructor(tokens: readonly FilterToken[], length: number, faults: FilterFaults) {
    this.#tokens = tokens;
    this.#faults = faults;
    this.#end = { kind: "end", position: length };
  }

  peek(): FilterToken {
    return this.#tokens[this.#next] ?? this.#end;
  }

  take(): FilterToken {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  /** Whether the next token is this one; takes it if so. */
  takeIf(kind: "word" | "operator" | "symbol", text: string): boolean {
    const token = this.peek();
    if (token.kind !== kind || token.text !== text) return false;
    this.#next += 1;
    return true;
  }

  expectSymbol(text: string): void {
    if (!this.takeIf("symbol", text)) throw this.#faults.syntax(this.peek().position);
  }

  expectWord(): { text: string; position: number } {
    const token = this.take();
    if (token.kind !== "word") throw this.#faults.syntax(token.position);
    return token;
  }

  expectValue(): FilterValue {
    const token = this.take();
    if (token.kind !== "value") throw this.#faults.syntax(token.position);
    return token.value;
  }

  expectText(): string {
    const { position } = this.peek();
    const value = this.expectValue();
    if (typeof value !== "string") throw this.#faults.syntax(position);
    return value;
  }

  expectEnd(): void {
    const token = this.peek();
    if (token.kind !== "end") throw this.#faults.syntax(token.position);
  }
}
