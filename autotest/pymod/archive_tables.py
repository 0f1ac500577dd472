"""Published attribute tables, read without the product and without GDAL's."""

import xml.etree.ElementTree as ElementTree


def published_table(path):
    """{value: {column: text}} of a side-car."""
    table = next(ElementTree.parse(path).iter("GDALRasterAttributeTable"))
    columns = [field.findtext("Name") for field in table.iter("FieldDefn")]
    rows = [dict(zip(columns, (cell.text or "" for cell in row.iter("F")))) for row in table.iter("Row")]
    return {int(row["value"]): row for row in rows}
