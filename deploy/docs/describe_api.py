#!/usr/bin/env python3
"""Describes the API in words for people and for tools, from nothing but the protos.

    protoc ... --include_imports --include_source_info --descriptor_set_out=api.pb leye/v1/*.proto
    describe_api.py api.pb openapi.json reference.md

openapi.json is OpenAPI 3.1 of what the gateway serves as JSON over HTTP; reference.md is all of the API,
with the protos' own comments. Both have the rules that the fields' options state.
"""

import json
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = 'leye.v1'
FIELD = descriptor_pb2.FieldDescriptorProto
NO_SIDE_EFFECTS = descriptor_pb2.MethodOptions.NO_SIDE_EFFECTS
OUTPUT_ONLY = 2  # Of leye.v1.Behavior.

WELL_KNOWN = {
    '.google.protobuf.Timestamp': ('timestamp', {'type': 'string', 'format': 'date-time'}),
    '.google.protobuf.Duration': ('duration', {'type': 'string', 'pattern': r'^-?[0-9]+(\.[0-9]+)?s$'}),
    '.google.protobuf.FieldMask': ('field mask', {'type': 'string'}),
}
INTEGER_TEXT = {'type': 'string', 'pattern': '^-?[0-9]+$'}
SCALARS = {
    FIELD.TYPE_DOUBLE: ('double', {'type': 'number', 'format': 'double'}),
    FIELD.TYPE_FLOAT: ('float', {'type': 'number', 'format': 'float'}),
    FIELD.TYPE_INT32: ('int32', {'type': 'integer', 'format': 'int32'}),
    FIELD.TYPE_UINT32: ('uint32', {'type': 'integer', 'minimum': 0}),
    FIELD.TYPE_INT64: ('int64', INTEGER_TEXT),
    FIELD.TYPE_UINT64: ('uint64', INTEGER_TEXT),
    FIELD.TYPE_BOOL: ('bool', {'type': 'boolean'}),
    FIELD.TYPE_STRING: ('string', {'type': 'string'}),
    FIELD.TYPE_BYTES: ('bytes', {'type': 'string', 'contentEncoding': 'base64'}),
}
FORMATS = {
    'FORMAT_DATE': {'format': 'date'},
    'FORMAT_DIVISION_CODE': {'pattern': '^[0-9]{6}$'},
    'FORMAT_TRADE_CODE': {'pattern': '^[0-9]-[0-9]{2}-[0-9]{2}-[0-9]{2}$'},
    'FORMAT_MONTH': {'pattern': '^[0-9]{4}-[0-9]{2}$'},
    'FORMAT_LANGUAGE': {'enum': ['', 'zh-CN', 'en']},
}
BEHAVIOURS = {
    'BEHAVIOR_REQUIRED': 'Required.',
    'BEHAVIOR_OUTPUT_ONLY': 'Set by the server.',
    'BEHAVIOR_IMMUTABLE': 'Set on create, never changed.',
}


class Api:
    """The messages, enums and services of a descriptor set, by full name, with their comments."""

    def __init__(self, files):
        self._comments, self.messages, self.enums, self.services = {}, {}, {}, []
        pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            pool.Add(file)
        factory = message_factory.MessageFactory(pool)
        self._options = factory.GetPrototype(
            pool.FindMessageTypeByName('google.protobuf.FieldOptions'))
        self._rule = pool.FindExtensionByName(f'{PACKAGE}.rule')
        self._personal = pool.FindExtensionByName(f'{PACKAGE}.personal')
        for file in files.file:
            self._add_file(file)

    def _add_file(self, file):
        texts = {tuple(at.path): at.leading_comments for at in file.source_code_info.location}

        def note(path, full_name):
            self._comments[full_name] = ' '.join(texts.get(path, '').split())

        def add_enum(enum, within, path):
            full_name = f'{within}.{enum.name}'
            self.enums[full_name] = enum
            note(path, full_name)
            for i, value in enumerate(enum.value):
                note((*path, 2, i), f'{full_name}.{value.name}')

        def add_message(message, within, path):
            full_name = f'{within}.{message.name}'
            self.messages[full_name] = message
            note(path, full_name)
            for i, field in enumerate(message.field):
                note((*path, 2, i), f'{full_name}.{field.name}')
            for i, nested in enumerate(message.nested_type):
                add_message(nested, full_name, (*path, 3, i))
            for i, enum in enumerate(message.enum_type):
                add_enum(enum, full_name, (*path, 4, i))

        package = f'.{file.package}'
        for i, message in enumerate(file.message_type):
            add_message(message, package, (4, i))
        for i, enum in enumerate(file.enum_type):
            add_enum(enum, package, (5, i))
        for i, service in enumerate(file.service):
            if file.package != PACKAGE:
                continue
            self.services.append(service)
            note((6, i), f'{package}.{service.name}')
            for j, rpc in enumerate(service.method):
                note((6, i, 2, j), f'{package}.{service.name}.{rpc.name}')

    def comment(self, *names):
        """Of a full name, or of names within the package."""
        name = '.'.join(names)
        return self._comments[name if name.startswith('.') else f'.{PACKAGE}.{name}']

    def options(self, field):
        """The field's rule, and whether it is personal."""
        options = self._options.FromString(field.options.SerializeToString())
        return options.Extensions[self._rule], options.Extensions[self._personal]

    def reachable(self, roots):
        """Full names of the messages and enums that are used by `roots`, those included, in order."""
        found, todo = [], list(roots)
        while todo:
            name = todo.pop(0)
            if name in found or name in WELL_KNOWN:
                continue
            found.append(name)
            if name in self.messages:
                todo += [field.type_name for field in self.messages[name].field if field.type_name]
        return found


def short(full_name):
    return full_name.removeprefix(f'.{PACKAGE}.')


def rule_words(rule, personal):
    """The rule in words: (sentence, ...)."""
    value = lambda name: rule.DESCRIPTOR.fields_by_name[name].enum_type.values_by_number[
        getattr(rule, name)].name
    if value('behavior') in BEHAVIOURS:
        yield BEHAVIOURS[value('behavior')]
    limits = [f'{word} {getattr(rule, name):g}' for name, word in (('min', 'from'), ('max', 'to'))
              if rule.HasField(name)]
    if limits:
        yield f'Allowed: {" ".join(limits)}.'
    if rule.max_length:
        yield f'At most {rule.max_length} characters.'
    if rule.max_items:
        yield f'At most {rule.max_items} items.'
    if rule.resource:
        yield f'Name of one of the {rule.resource}.'
    if rule.unique:
        yield 'Items differ from each other.'
    if personal:
        yield 'Personal data.'


def field_text(api, message_name, field):
    return ' '.join([api.comment(message_name, field.name), *rule_words(*api.options(field))]).strip()


class OpenApi:

    def __init__(self, api):
        self.api = api

    def document(self):
        unary_roots = [name for service in self.api.services for rpc in service.method
                       if not rpc.client_streaming for name in (rpc.input_type, rpc.output_type)]
        return {
            'openapi': '3.1.0',
            'info': {
                'title': 'leye',
                'version': 'v1',
                'summary': 'Matches relocated people with work.',
                'description':
                    'Every call is a POST with a JSON object; calls that change nothing may be GETs. Names are '
                    'lowerCamelCase; 64-bit integers are text; fields at their default are left out of answers. '
                    'Unknown and repeated fields are refused. Deadlines: header Connect-Timeout-Ms. Streams of '
                    'requests (imports) are served by gRPC only.',
                'license': {'name': 'Apache-2.0', 'identifier': 'Apache-2.0'},
            },
            'servers': [{'url': '/'}],
            'security': [{name: []} for name in PROOFS],
            'tags': [{'name': service.name, 'description': self.api.comment(service.name)}
                     for service in self.api.services],
            'paths': {f'/{PACKAGE}.{service.name}/{rpc.name}': self.path(service, rpc)
                      for service in self.api.services for rpc in service.method
                      if not rpc.client_streaming},
            'components': {
                'securitySchemes': PROOFS,
                'schemas': {**{short(name): self.schema(name)
                               for name in sorted(self.api.reachable(unary_roots))},
                            'Error': ERROR},
                'responses': {'Error': {
                    'description': 'The call failed. The status code follows from `code`.',
                    'content': {'application/json': {'schema': ref('Error')}}}},
            },
        }

    def path(self, service, rpc):
        post = self.operation(service, rpc, 'post')
        body = {'schema': ref(short(rpc.input_type))}
        kind = 'application/connect+json' if rpc.server_streaming else 'application/json'
        post['requestBody'] = {'required': True, 'content': {kind: body}}
        if rpc.server_streaming:
            post['description'] += (' Request and answers are frames: a byte of flags, the length in four bytes, '
                                    'greatest first, and the JSON; the last frame has flag 2 and the error, if any.')
            return {'post': post}
        if rpc.options.idempotency_level != NO_SIDE_EFFECTS:
            return {'post': post}
        get = self.operation(service, rpc, 'get')
        get['parameters'] = [
            {'name': 'encoding', 'in': 'query', 'required': True, 'schema': {'const': 'json'}},
            {'name': 'message', 'in': 'query', 'required': True, 'content': {'application/json': body}}]
        return {'post': post, 'get': get}

    def operation(self, service, rpc, verb):
        kind = 'application/connect+json' if rpc.server_streaming else 'application/json'
        return {
            'operationId': f'{service.name}_{rpc.name}' + ('_get' if verb == 'get' else ''),
            'tags': [service.name],
            'summary': rpc.name,
            'description': self.api.comment(service.name, rpc.name),
            'responses': {
                '200': {'description': self.api.comment(rpc.output_type),
                        'content': {kind: {'schema': ref(short(rpc.output_type))}}},
                **{status: {'$ref': '#/components/responses/Error'} for status in ('4XX', '5XX')}},
        }

    def schema(self, name):
        if name in self.api.enums:
            enum = self.api.enums[name]
            values = [f'- `{value.name}`: {self.api.comment(name, value.name)}' for value in enum.value]
            return {'type': 'string', 'enum': [value.name for value in enum.value],
                    'description': '\n'.join([self.api.comment(name), '', *values])}
        message = self.api.messages[name]
        return {'type': 'object', 'description': self.api.comment(name), 'properties': {
            field.json_name: self.property(name, field) for field in message.field}}

    def property(self, message_name, field):
        message = self.api.messages[message_name]
        rule, _ = self.api.options(field)
        schema = self.value(field, rule)
        if field.label == FIELD.LABEL_REPEATED:
            schema = {'type': 'array', 'items': schema}
            if rule.max_items:
                schema['maxItems'] = rule.max_items
            if rule.unique:
                schema['uniqueItems'] = True
        text = field_text(self.api, message_name, field)
        if field.HasField('oneof_index') and not field.proto3_optional:
            text += f' Only one member of `{message.oneof_decl[field.oneof_index].name}` may be given.'
        schema['description'] = text
        if rule.behavior == OUTPUT_ONLY:
            schema['readOnly'] = True
        return schema

    def value(self, field, rule):
        if field.type_name in WELL_KNOWN:
            return dict(WELL_KNOWN[field.type_name][1])
        if field.type_name:
            return ref(short(field.type_name))
        schema = dict(SCALARS[field.type][1])
        if schema['type'] in ('number', 'integer'):
            schema.update({word: getattr(rule, name) for name, word in
                           (('min', 'minimum'), ('max', 'maximum')) if rule.HasField(name)})
        if rule.max_length:
            schema['maxLength'] = rule.max_length
        form = rule.DESCRIPTOR.fields_by_name['format'].enum_type.values_by_number[rule.format].name
        schema.update(FORMATS.get(form, {}))
        return schema


def ref(name):
    return {'$ref': f'#/components/schemas/{name}'}


# How callers prove over HTTP who they are, by one of them; services/access/README.md. Certificates count on gRPC's listener.
PROOFS = {
    'token': {'type': 'http', 'scheme': 'bearer', 'description': 'Of an app, for the person who uses it.'},
    'key': {'type': 'apiKey', 'in': 'header', 'name': 'x-api-key', 'description': 'Of a partner or an office.'},
}

ERROR = {
    'type': 'object',
    'description': 'Why a call failed.',
    'required': ['code'],
    'properties': {
        'code': {'type': 'string', 'description': 'gRPC\'s code in lower case, such as `invalid_argument`.'},
        'message': {'type': 'string', 'description': 'For people, in English.'},
        'details': {'type': 'array', 'description': 'What programs can act on.', 'items': {
            'type': 'object',
            'required': ['type', 'value'],
            'properties': {
                'type': {'type': 'string', 'description': 'Such as `google.rpc.BadRequest`.'},
                'value': {'type': 'string', 'description': 'The message in base64.'},
                'debug': {'type': 'object', 'description': 'The same as JSON.'}}}},
    },
}


def cell(text):
    return text.replace('|', '\\|')


def type_words(api, field):
    if field.type_name in WELL_KNOWN:
        words = WELL_KNOWN[field.type_name][0]
    elif field.type_name:
        name = short(field.type_name)
        words = f'[{name}](#{name.lower().replace(".", "")})'
    else:
        words = SCALARS[field.type][0]
    if field.label == FIELD.LABEL_REPEATED:
        return f'list of {words}'
    return f'optional {words}' if field.proto3_optional else words


def reference(api):
    yield '# API of leye, package leye.v1'
    yield ''
    yield 'Made from the comments of `proto/leye/v1` by `deploy/docs/build`.'
    for service in api.services:
        yield from ['', f'## {service.name}', '', api.comment(service.name), '',
                    '| RPC | request | answer | what it does |', '|---|---|---|---|']
        for rpc in service.method:
            stream = lambda yes, name: ('stream of ' if yes else '') + f'[{short(name)}](#{short(name).lower()})'
            yield (f'| {rpc.name} | {stream(rpc.client_streaming, rpc.input_type)} '
                   f'| {stream(rpc.server_streaming, rpc.output_type)} | {cell(api.comment(service.name, rpc.name))} |')
    roots = [name for service in api.services for rpc in service.method
             for name in (rpc.input_type, rpc.output_type)]
    yield from ['', '# Messages and enums']
    for name in sorted(api.reachable(roots)):
        yield from ['', f'## {short(name).replace(".", "")}', '']
        if name in api.enums:
            yield from [api.comment(name), '', '| value | | |', '|---|---|---|']
            for value in api.enums[name].value:
                yield f'| {value.number} | {value.name} | {cell(api.comment(name, value.name))} |'
            continue
        message = api.messages[name]
        yield from [api.comment(name), '', '| field | type | |', '|---|---|---|']
        for field in message.field:
            yield f'| {field.name} | {type_words(api, field)} | {cell(field_text(api, name, field))} |'


def main(descriptor_set, openapi, markdown):
    files = descriptor_pb2.FileDescriptorSet()
    with open(descriptor_set, 'rb') as file:
        files.ParseFromString(file.read())
    api = Api(files)
    with open(openapi, 'w', encoding='utf-8') as file:
        json.dump(OpenApi(api).document(), file, ensure_ascii=False, indent=1)
    with open(markdown, 'w', encoding='utf-8') as file:
        file.write('\n'.join(reference(api)) + '\n')


if __name__ == '__main__':
    main(*sys.argv[1:])
