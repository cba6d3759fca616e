"""HermiT as the reference: complete for OWL 2 DL, slow, and run in a child process that can be killed."""
