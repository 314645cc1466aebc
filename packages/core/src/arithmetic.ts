export type ArithmeticOperator = "+" | "-" | "*" | "/" | "^";

/** What formulas and hypotheses mean by an operator. */
export function arithmetic(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "^":
      return a ** b;
  }
}
