"""Proofs by purpose: unit, hand-worked, theory, laws, parity of engines, bad input, documents.

A package of its own name: some distributions install another one called ``tests``, which would else be found.
"""
