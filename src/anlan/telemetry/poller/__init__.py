"""Sources that do not send but are asked: Modbus devices and OPC UA servers."""
