"""Reading a request: query, form, multipart or JSON, as parameters and files."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import web

from app.rehearsal.files import Upload
from app.rehearsal.refusals import Refusal, bad
from app.rehearsal.shapes import JsonObject


@dataclass(frozen=True, slots=True)
class Submission:
    """What came with a request. A file under a parameter's name is that parameter; others are attached for `attach://`."""

    parameters: JsonObject
    uploads: dict[str, Upload]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(upload.filename for upload in self.uploads.values())

    def for_model(self, fields: Iterable[str]) -> JsonObject:
        known = set(fields)
        direct = {name: upload for name, upload in self.uploads.items() if name in known}
        attached = {name: upload for name, upload in self.uploads.items() if name not in known}
        return {**self.parameters, **direct, "attached": attached}


async def read_submission(request: web.Request) -> Submission:
    parameters: JsonObject = dict(request.query)
    if request.content_type == "application/json":
        return Submission(parameters | await _json(request), {})
    if request.content_type not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return Submission(parameters, {})
    return await _form(request, parameters)


async def _json(request: web.Request) -> JsonObject:
    try:
        found = json.loads(await request.read())
    except ValueError as err:
        raise bad("can't parse request JSON object") from err
    if not isinstance(found, dict):
        raise bad("request body must be a JSON object")
    return found


async def _form(request: web.Request, parameters: JsonObject) -> Submission:
    uploads: dict[str, Upload] = {}
    try:
        form = await request.post()
    except web.HTTPRequestEntityTooLarge as err:
        raise Refusal(413, "Request Entity Too Large") from err
    for name, value in form.items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            parameters[name] = value if isinstance(value, str) else bytes(value).decode()
    return Submission(parameters, uploads)
