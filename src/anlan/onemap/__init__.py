"""The one map (一张图): collects the layers of all capabilities and draws nothing of its own."""
