"""The messages of Sparkplug B as protobuf classes, made here from a table of their fields.

Source: Sparkplug 3.0.0, section 6.4 (payloads): names and numbers of fields are the protocol.
"""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "anlan.sparkplug"
_FIELD = descriptor_pb2.FieldDescriptorProto
_KINDS = {
    "uint32": _FIELD.TYPE_UINT32,
    "uint64": _FIELD.TYPE_UINT64,
    "bool": _FIELD.TYPE_BOOL,
    "float": _FIELD.TYPE_FLOAT,
    "double": _FIELD.TYPE_DOUBLE,
    "string": _FIELD.TYPE_STRING,
    "bytes": _FIELD.TYPE_BYTES,
}
_VALUES = (
    "int_value uint32, long_value uint64, float_value float, double_value double, boolean_value bool, "
    "string_value string"
)

MESSAGES = {
    # message: (fields before the value, fields of the one value, by "name kind" and in the order of their numbers)
    "Payload": ("timestamp uint64, metrics Metric*, seq uint64, uuid string, body bytes", ""),
    "Metric": (
        "name string, alias uint64, timestamp uint64, datatype uint32, is_historical bool, is_transient bool, "
        "is_null bool, metadata MetaData, properties PropertySet",
        f"{_VALUES}, bytes_value bytes, dataset_value DataSet, template_value Template",
    ),
    "MetaData": (
        "is_multi_part bool, content_type string, size uint64, seq uint64, file_name string, file_type string, "
        "md5 string, description string",
        "",
    ),
    "PropertySet": ("keys string*, values PropertyValue*", ""),
    "PropertySetList": ("propertyset PropertySet*", ""),
    "PropertyValue": (
        "type uint32, is_null bool",
        f"{_VALUES}, propertyset_value PropertySet, propertysets_value PropertySetList",
    ),
    "DataSet": ("num_of_columns uint64, columns string*, types uint32*, rows Row*", ""),
    "Row": ("elements DataSetValue*", ""),
    "DataSetValue": ("", _VALUES),
    "Template": (
        "version string, metrics Metric*, parameters Parameter*, template_ref string, is_definition bool",
        "",
    ),
    "Parameter": ("name string, type uint32", _VALUES),
}


def _file() -> descriptor_pb2.FileDescriptorProto:
    # Syntax "proto2", as the protocol has it: whether a field was sent can be told from its default.
    file = descriptor_pb2.FileDescriptorProto(name="anlan/sparkplug.proto", package=PACKAGE, syntax="proto2")
    for name, (fields, values) in MESSAGES.items():
        message = file.message_type.add(name=name)
        if values:
            message.oneof_decl.add(name="value")
        number = 0
        for part, of_value in ((fields, False), (values, True)):
            for entry in filter(None, part.split(", ")):
                number += 1
                _add(message, entry, number, of_value)
    return file


def _add(message: descriptor_pb2.DescriptorProto, entry: str, number: int, of_value: bool) -> None:
    name, kind = entry.split()
    many, kind = kind.endswith("*"), kind.rstrip("*")
    field = message.field.add(name=name, number=number, label=_FIELD.LABEL_REPEATED if many else _FIELD.LABEL_OPTIONAL)
    if kind in _KINDS:
        field.type = _KINDS[kind]
    else:
        field.type, field.type_name = _FIELD.TYPE_MESSAGE, f".{PACKAGE}.{kind}"
    if of_value:
        field.oneof_index = 0


_POOL = descriptor_pool.DescriptorPool()
_POOL.Add(_file())
_CLASSES = {
    name: message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{PACKAGE}.{name}")) for name in MESSAGES
}

Payload, Metric, DataSet, Template = (_CLASSES[name] for name in ("Payload", "Metric", "DataSet", "Template"))
