#pragma once

#include <optional>

#include "branchline/v1/chain.pb.h"

namespace branchline {

// What of an item or price differs from what is there, one Difference a field,
// in the words that a person reads: "price EUR" 1.99 -> 2.09.
void AddDifferences(const std::optional<v1::Item>& before,
                    const v1::Item& after,
                    v1::ImportCatalogueResponse* response);
void AddDifference(const std::optional<v1::Price>& before,
                   const v1::Price& after,
                   v1::ImportCatalogueResponse* response);

// A price with the decimals of its currency: "1.99", "0.1234".
std::string PriceText(int64_t price_minor_e4, const std::string& currency);

}  // namespace branchline
