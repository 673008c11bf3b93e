"""Answers an SMT-LIB question about a finite field, read from the standard input, with cvc5: sat, unsat or unknown.

Without input it exits with 0 if this cvc5 solves over finite fields. Only the package cvc5-gpl does.
"""

import sys

import cvc5

text = sys.stdin.read() or "(set-logic QF_FF)(define-sort F () (_ FiniteField 3))(declare-fun x () F)(check-sat)"
solver = cvc5.Solver(cvc5.TermManager())
solver.setOption("tlimit-per", "60000")
symbols = cvc5.SymbolManager(solver)
parser = cvc5.InputParser(solver, symbols)
parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "question")
while not (command := parser.nextCommand()).isNull():
    answer = command.invoke(solver, symbols).strip()
    if answer:
        print(answer)
        if "error" in answer:
            sys.exit(1)
