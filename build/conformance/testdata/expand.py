"""Expands template.yaml as SAM does. stdin: {"template": text, "parameters": {}}."""
import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

given = json.load(sys.stdin)
template = yaml_parse(given["template"])
for resource in template["Resources"].values():
    if "CodeUri" in resource["Properties"]:  # which "package" uploads
        resource["Properties"]["CodeUri"] = "s3://bucket/lambda.zip"
translator = Translator(managed_policy_map={}, sam_parser=Parser())
json.dump(translator.translate(sam_template=template, parameter_values=given["parameters"]), sys.stdout, default=str)
