"""The release of an edition: build its bundle, let it through the gate, publish, roll back, and hold the published one ready."""
