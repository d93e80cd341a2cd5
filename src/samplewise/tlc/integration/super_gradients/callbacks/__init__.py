"""Names of the callbacks, each in the module where the contract has it."""
