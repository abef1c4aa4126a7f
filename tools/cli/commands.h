#pragma once

#include <CLI/CLI.hpp>

#include "tools/cli/command.h"

namespace branchline::cli {

// Each adds its part of the command tree to `app`. `run` outlives the parse.

void AddHubCommands(CLI::App& app, Run& run);          // hub init, status
void AddBranchCommands(CLI::App& app, Run& run);       // branch add, list, ...
void AddCatalogCommands(CLI::App& app, Run& run);      // catalog import, ...
void AddPriceCommands(CLI::App& app, Run& run);        // price import, set, ...
void AddPriceLabelCommand(CLI::App& group, Run& run);  // price label
void AddPromoCommands(CLI::App& app, Run& run);        // promo list, set, ...
void AddStaffCommands(CLI::App& app, Run& run);        // staff set
void AddRulesCommands(CLI::App& app, Run& run);        // rules publish, show
void AddExceptionCommands(CLI::App& app, Run& run);    // exceptions list
void AddReportCommands(CLI::App& app, Run& run);       // report sales, stock
void AddEdgeCommands(CLI::App& app, Run& run);         // edge join, status, ...
void AddTillCommands(CLI::App& app, Run& run);  // till pair, list, unpair
void AddDayCommands(CLI::App& app, Run& run);   // day open, shift x, ...
void AddTillConsoleCommand(CLI::App& group, Run& run);  // till console
void AddDeviceCommands(CLI::App& app, Run& run);      // devices list, test, ...
void AddEmulateCommand(CLI::App& group, Run& run);    // devices emulate
void AddPaymentCommands(CLI::App& app, Run& run);     // payments list, bill
void AddJournalCommands(CLI::App& app, Run& run);     // journal verify, ...
void AddDrillCommands(CLI::App& app, Run& run);       // drill, demo
void AddCompletionCommands(CLI::App& app, Run& run);  // completion bash

}  // namespace branchline::cli
