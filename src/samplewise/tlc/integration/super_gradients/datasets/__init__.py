"""Names of the datasets, each in the module where the contract has it."""
