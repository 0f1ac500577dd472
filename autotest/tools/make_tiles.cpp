// Makes tiles of a policy: make_tiles POLICY CACHE_DIR OUT_DIR [--options] z/x/y... writes
// OUT_DIR/z_x_y.EXT and .json and prints a line of JSON a tile. The Python tests' way to tiles.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cache/cell_service.h"
#include "driver/gdal_compat.h"
#include "utils/tiles/tile_maker.h"

namespace {

using namespace topobathy;

struct Arguments {
  std::string policy, cache, out, format = "png", style = "chart";
  std::vector<std::string> tiles;
  int size = 256, repeat = 1;
  bool no_cache = false, read_only = false, skip = false;
  std::optional<double> vmin, vmax;
};

void declare(CLI::App& app, Arguments& given) {
  app.add_option("policy", given.policy)->required();
  app.add_option("cache", given.cache)->required();
  app.add_option("out", given.out)->required();
  app.add_option("tiles", given.tiles)->required();
  app.add_option("--format", given.format);
  app.add_option("--style", given.style);
  app.add_option("--size", given.size);
  app.add_option("--repeat", given.repeat);
  app.add_option("--vmin", given.vmin);
  app.add_option("--vmax", given.vmax);
  app.add_flag("--no-cache", given.no_cache);
  app.add_flag("--read-only", given.read_only);
  app.add_flag("--skip", given.skip);
}

void write(const std::string& path, const char* data, std::size_t size) {
  std::ofstream(path, std::ios::binary).write(data, static_cast<std::streamsize>(size));
}

TileRequest request_of(const Arguments& given, const std::string& tile) {
  TileRequest request;
  long long x = 0, y = 0;
  if (std::sscanf(tile.c_str(), "%d/%lld/%lld", &request.address.z, &x, &y) != 3)
    throw std::invalid_argument(tile + " is no z/x/y");
  request.address.x = x;
  request.address.y = y;
  request.tile_size = given.size;
  request.format = tile_format(given.format);
  request.style = tile_style(given.style);
  request.vmin = given.vmin;
  request.vmax = given.vmax;
  return request;
}

void make(TileMaker& maker, const Arguments& given, const std::string& name) {
  const TileRequest request = request_of(given, name);
  TilePointer tile;
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t cpu = std::clock();
  for (int i = 0; i < given.repeat; ++i)
    tile = maker.get(request);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  const double busy = 1000.0 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  std::string file = name;
  for (char& letter : file)
    if (letter == '/') letter = '_';
  file = given.out + "/" + file + ".";
  if (!tile->empty) {
    write(file + extension(request.format), reinterpret_cast<const char*>(tile->content.data()),
          tile->content.size());
    write(file + "json", tile->meta.data(), tile->meta.size());
  }
  std::cout << nlohmann::json(
                   {{"tile", name},
                    {"empty", tile->empty},
                    {"cached", tile->cached},
                    {"incomplete", tile->incomplete},
                    {"bytes", tile->content.size()},
                    {"path", given.no_cache ? "" : maker.store().path_of(maker.key_of(request))},
                    {"ms", took.count() / given.repeat},
                    {"cpu_ms", busy / given.repeat}})
                   .dump()
            << std::endl;
}

}  // namespace

int main(int count, char** words) {
  GDALAllRegister();
  Arguments given;
  CLI::App app;
  declare(app, given);
  CLI11_PARSE(app, count, words);
  TileMaker::Setup setup;
  setup.policy.policy_path = given.policy;
  setup.policy.cache_dir = given.cache;
  setup.policy.threads = 1;
  if (given.no_cache) setup.policy.cache = CacheMode::kOff;
  if (given.read_only) setup.policy.cache = CacheMode::kReadOnly;
  if (given.skip) setup.policy.on_error = OnError::kSkip;
  setup.warn = [](const std::string& message) { std::cerr << message << '\n'; };
  try {
    TileMaker maker(std::move(setup));
    for (const std::string& tile : given.tiles)
      make(maker, given, tile);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
