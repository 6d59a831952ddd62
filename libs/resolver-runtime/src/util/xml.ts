import { writeJson } from '../json/write-json.js';
import { readXml } from '../xml/read-xml.js';
import { requireText } from './util-function.js';
import type { UtilNamespace } from './util-function.js';

/** `util.xml.*`: what an XML document says as maps and lists, or as JSON text of them. */
export const xmlFunctions: UtilNamespace = Object.freeze({
  toMap: ({ budget }, text) => readXml(requireText('xml.toMap', text), budget),
  /** (xml, isEncoded?): encoded, the JSON text is itself a JSON string, quotes and all. */
  toJsonString: ({ budget }, text, isEncoded) => {
    const json = writeJson(readXml(requireText('xml.toJsonString', text), budget), budget);
    return isEncoded === true ? writeJson(json, budget) : json;
  },
});
