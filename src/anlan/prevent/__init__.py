"""Before something happens: know the risk, check its controls, close the hidden danger, permit the dangerous work."""
