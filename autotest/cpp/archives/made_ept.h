#pragma once

#include <libdeflate.h>
#include <zstd.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "providers/usgs_lidar/lidar_points.h"
#include "providers/usgs_lidar/little_endian.h"

namespace topobathy::testing_support {

inline std::string gzipped(const std::string& text) {
  libdeflate_compressor* const compressor = libdeflate_alloc_compressor(6);
  std::string packed(libdeflate_gzip_compress_bound(compressor, text.size()), '\0');
  packed.resize(
      libdeflate_gzip_compress(compressor, text.data(), text.size(), packed.data(), packed.size()));
  libdeflate_free_compressor(compressor);
  return packed;
}

inline std::string zstandarded(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

/// An EPT set made of points: the root holds every fourth, level 1 the rest, each in a page of its
/// own. Dimensions come in an order of their own, with strangers between them.
struct MadeEpt {
  std::string data = "binary";  ///< or "zstandard"
  bool gzip = false;
  std::string crs = "3857";
  double left = 0, bottom = 0, side = 1024;

  std::map<std::string, std::string> files(const std::vector<LidarPoint>& points) const {
    std::map<std::string, std::vector<LidarPoint>> nodes;
    for (std::size_t i = 0; i < points.size(); ++i)
      nodes[i % 4 == 0 ? "0-0-0-0" : child(points[i])].push_back(points[i]);
    std::map<std::string, std::string> files{{"ept.json", description(points.size()).dump()}};
    nlohmann::json root;
    for (const auto& [key, inside] : nodes) {
      root[key] = key == "0-0-0-0" ? static_cast<int>(inside.size()) : -1;
      const std::string page = nlohmann::json{{key, inside.size()}}.dump();
      if (key != "0-0-0-0") files[page_name(key)] = gzip ? gzipped(page) : page;
      files["ept-data/" + key + (data == "binary" ? ".bin" : ".zst")] = packed(inside);
    }
    files[page_name("0-0-0-0")] = gzip ? gzipped(root.dump()) : root.dump();
    return files;
  }

  std::string page_name(const std::string& key) const {
    return "ept-hierarchy/" + key + ".json" + (gzip ? ".gz" : "");
  }

 private:
  std::string child(const LidarPoint& point) const {
    const int column = point.x >= left + side / 2, row = point.y >= bottom + side / 2;
    return "1-" + std::to_string(column) + "-" + std::to_string(row) + "-0";
  }

  nlohmann::json description(std::size_t count) const {
    const double top = bottom + side, right = left + side;
    return {{"bounds", {left, bottom, -100, right, top, side - 100}},
            {"boundsConforming", {left, bottom, -100, right, top, side - 100}},
            {"dataType", data},
            {"hierarchyType", gzip ? "gzip" : "json"},
            {"points", count},
            {"span", 128},
            {"version", "1.0.0"},
            {"srs", {{"authority", "EPSG"}, {"horizontal", crs}, {"vertical", "5703"}}},
            {"schema",
             {{{"name", "Classification"}, {"type", "unsigned"}, {"size", 1}},
              {{"name", "GpsTime"}, {"type", "float"}, {"size", 8}},
              {{"name", "Z"}, {"type", "float"}, {"size", 8}},
              {{"name", "Withheld"}, {"type", "unsigned"}, {"size", 1}},
              {{"name", "Y"}, {"type", "signed"}, {"size", 8}, {"scale", 0.00025}, {"offset", 7}},
              {{"name", "Red"}, {"type", "unsigned"}, {"size", 2}},
              {{"name", "X"}, {"type", "signed"}, {"size", 8}, {"scale", 0.00025}}}}};
  }

  std::string packed(const std::vector<LidarPoint>& points) const {
    std::string bytes;
    for (const LidarPoint& point : points) {
      append_number<std::uint8_t>(bytes, point.classification);
      append_number<double>(bytes, 1e9);
      append_number<double>(bytes, point.z);
      append_number<std::uint8_t>(bytes, point.withheld ? 1 : 0);
      append_number<std::int64_t>(bytes, std::llround((point.y - 7) / 0.00025));
      append_number<std::uint16_t>(bytes, 65535);
      append_number<std::int64_t>(bytes, std::llround(point.x / 0.00025));
    }
    return data == "binary" ? bytes : zstandarded(bytes);
  }
};

inline void write_files(const std::string& folder,
                        const std::map<std::string, std::string>& files) {
  for (const auto& [name, content] : files) {
    const std::filesystem::path path = folder + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
  }
}

}  // namespace topobathy::testing_support
