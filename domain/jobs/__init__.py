"""Work that is done apart from a request: the jobs table is the truth, brokers only ring."""
