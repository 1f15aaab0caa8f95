"""The demo library: a small household of invented films and series, drawn and encoded here, nothing downloaded."""
