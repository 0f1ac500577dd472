#include "providers/gebco/gebco_record.h"

#include "providers/gebco/gebco_tile.h"

namespace topobathy {

SourceRecord gebco_record() {
  SourceRecord record;
  record.provider = "gebco_2025";
  record.survey_id = "GEBCO 2025";
  record.key = "survey:" + record.survey_id;
  record.institution = "General Bathymetric Chart of the Oceans (GEBCO)";
  record.license_name = "public domain";
  // The address that the grids' own metadata give (attribute `license`).
  record.license_url =
      "https://www.gebco.net/data_and_products/gridded_bathymetry_data/gebco_2019/"
      "grid_terms_of_use.html";
  record.vertical_datum = "mean sea level";
  record.vertical_basis = "archive";
  record.resolution = kGebcoMetres;
  record.link = "https://doi.org/10.5285/37c52e96-24ea-67ce-e063-7086abc05f29";
  return record;
}

}  // namespace topobathy
